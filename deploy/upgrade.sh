#!/bin/sh
# Bring the newest version and start it again. For root, on a machine with nianbao.service:
#
#     sh /srv/nianbao/deploy/upgrade.sh
#
# What can fail without harm comes first. What fails or is interrupted before the new version has
# taken over the data puts the old one back. Ended by force (kill -9, no current), it is run again.
set -eu
umask 022

upgrade() {
    cd "$(dirname "$0")/.."
    installed=${UNITS:-/etc/systemd/system}

    if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
        echo '这里的程序文件被改动过，没有升级：先用 git status 看是哪些。' >&2
        exit 2
    fi
    git fetch --quiet
    old=$(git rev-parse HEAD)
    new=$(git rev-parse '@{upstream}')
    # Those that run, or try to, and those that an upgrade ended by force has stopped; the timers of
    # backups stay as they are.
    stopped=.git/stopped-by-upgrade
    running=$(
        cat "$stopped" 2>/dev/null || true
        systemctl list-units --plain --no-legend --full --state=active,activating \
            nianbao.service 'nianbao@*.service' 'nianbao-work@*.service' | cut -d ' ' -f 1
    )

    trap put_back EXIT
    # Ctrl-C, or the line to the machine is cut.
    trap 'exit 2' HUP INT TERM
    trap '' PIPE
    echo "$running" >"$stopped"
    # shellcheck disable=SC2086 # names of units, without blanks
    [ -z "$running" ] || systemctl stop $running
    backup=var/before-$(date +%Y%m%d-%H%M%S).sqlite3
    # 1 is a backup that was made, of a history that somebody had changed: doctor says more.
    as_account .venv/bin/nianbao backup "$backup" --if-any || [ $? -eq 1 ]
    git merge --quiet --ff-only "$new"
    prepare
    install_units
    # It is whole, or as it was; from here on there is no way back.
    trap '' HUP INT TERM
    migrate
    trap - EXIT

    start
    echo "已是 $(.venv/bin/nianbao --version)；升级前的程序是 $old"
    [ ! -e "$backup" ] || echo "升级前的数据在 $PWD/$backup"
    as_account .venv/bin/nianbao doctor
}

as_account() {
    runuser -u nianbao -- "$@"
}

# The account that runs it may write nothing here: what Python would keep is made now.
prepare() {
    make .venv/.runtime
    .venv/bin/python -m compileall -q bot conversations storage
}

install_units() {
    for unit in deploy/*.service deploy/*.timer; do
        file=$installed/${unit#deploy/}
        if [ -e "$file" ]; then cp "$unit" "$file"; fi
    done
    systemctl daemon-reload
}

migrate() {
    as_account .venv/bin/python -c '
import argparse, sys
from bot.cli import frame
try:
    with frame.open_store(argparse.Namespace(data=None)):
        pass
except frame.Refused as error:
    sys.exit(str(error))
'
}

start() {
    # shellcheck disable=SC2086
    [ -z "$running" ] || systemctl start $running
    rm -f "$stopped"
}

# Whatever fails here, or is not heard any more: the next step is taken all the same.
put_back() {
    trap - EXIT
    trap '' HUP INT TERM
    set +e
    echo '升级没有成功，换回原来的版本。' >&2
    # Nothing is lost: no file was changed before.
    git reset --quiet --hard "$old"
    prepare || echo '运行环境没有准备好，请在恢复网络以后再运行一次。' >&2
    install_units
    start
    exit 2
}

upgrade
exit
