"""What is asked of a course, from data/evaluation.toml; a reply names its edition."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).resolve().parent / "data" / "evaluation.toml"


@dataclass(frozen=True)
class Question:
    """id: its key in `Evaluation.scores`, or in `Evaluation.words`. of_manager: the same, as the manager is asked.
    stages: when it is asked."""

    id: str
    text: str
    of_manager: str
    stages: tuple[str, ...]

    def worded(self, stage) -> str:
        return self.of_manager if stage == "manager" else self.text


@dataclass(frozen=True)
class Edition:
    """scale: the words of the scores from 1 on. agrees_from: the lowest score that is agreement. words: the questions
    that are answered in words."""

    name: str
    agrees_from: int
    scale: tuple[str, ...]
    questions: tuple[Question, ...]
    words: tuple[Question, ...]

    def scored_at(self, stage) -> list[Question]:
        return [each for each in self.questions if stage in each.stages]

    def in_words_at(self, stage) -> list[Question]:
        return [each for each in self.words if stage in each.stages]


@cache
def edition() -> Edition:
    said = tomllib.loads(FILE.read_text())
    questions, words = (
        tuple(Question(**each | {"stages": tuple(each["stages"])}) for each in said[kind])
        for kind in ("question", "words")
    )
    return Edition(said["edition"], said["agrees_from"], tuple(said["scale"]), questions, words)
