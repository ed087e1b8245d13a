"""
The word lists of the Bot API that the server checks against.
"""

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\S+", text))


# What setMessageReaction takes from a bot without premium: ✓ is not among them.
REACTIONS = _words(
    """
    ❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚
    🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗
    🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡
    """
)

UPDATE_KINDS = _words(
    """
    message edited_message channel_post edited_channel_post callback_query my_chat_member
    chat_member message_reaction message_reaction_count inline_query chosen_inline_result
    chat_join_request poll poll_answer
    """
)

# Sent only to a bot that asks for them by name.
UNASKED = _words("chat_member message_reaction message_reaction_count")

CHAT_ACTIONS = _words(
    """
    typing upload_photo record_video upload_video record_voice upload_voice upload_document
    choose_sticker find_location record_video_note upload_video_note
    """
)
