"""
Where answers are kept.
"""
