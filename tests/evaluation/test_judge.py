"""A judge's reply is a verdict, or no judgement at all."""

from __future__ import annotations

import pytest

from playground.engines.fake import FakeEngine
from playground.evaluation.judge import judge, verdict_in
from playground.types import Delta, Finish, Question

QUESTION = Question("q", "en", "fact", "What is hot?", ("Tea", "a tea"), reference="Tea is hot.")


class Judge(FakeEngine):
    """Replies the same to everything, and keeps what it was asked."""

    def __init__(self, reply):
        super().__init__()
        self.reply, self.asked = reply, []

    def stream(self, messages, sampling, adapter=None):
        self.asked.append(messages)
        yield Delta(self.reply)
        yield Finish("stop", 1, 1)


@pytest.mark.parametrize(
    ("reply", "verdict"),
    [
        ("CORRECT", True),
        ("Correct. The answer names tea.", True),
        ("**WRONG**", False),
        ("Incorrect, it names milk.", False),
        ("正确", True),
        ("不正确。", False),
        ("错误", False),
        ("<think>It might be wrong, or not.</think>\nCORRECT", True),
        ("<think>I never stop thinking, so CORRECT", None),
        ("I cannot say.", None),
        ("The answer is not correct", None),
        ("", None),
    ],
)
def test_only_a_reply_that_begins_with_a_verdict_is_one(reply, verdict):
    assert verdict_in(reply) is verdict
    assert judge(Judge(reply), QUESTION, "Tea") is verdict


def test_the_judge_sees_question_reference_and_answer_in_the_questions_language():
    judged = Judge("CORRECT")
    judge(judged, QUESTION, "I say milk")
    (message,) = judged.asked[0]
    assert all(part in message.content for part in ("What is hot?", "Tea is hot.", "I say milk"))
    chinese = Question("q", "zh", "fact", "什么是热的？", ("茶", "热茶"))
    judge(judged, chinese, "是茶")
    (message,) = judged.asked[1]
    assert all(
        part in message.content for part in ("什么是热的？", "茶 / 热茶", "待判断的回答：是茶")
    )
