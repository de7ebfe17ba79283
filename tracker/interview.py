"""The coach's questions of a sitting: which one stands, what was answered, what is said to it."""

from tracker.questions import Question, Stage, advice, next_question
from tracker.settings import PainLimits
from tracker.training_plan import TrainingPlan
from tracker.words import Text


class Interview:
    """Ask once at the start and once at the end.

    Parameters
    ----------
    plan : TrainingPlan
        Whose questions; what it holds decides which.
    limits : PainLimits
        From where pain is severe.

    """

    def __init__(self, plan: TrainingPlan, limits: PainLimits) -> None:
        self.stage = Stage.START
        self.question: Question | None = None
        self.answers: dict[str, int | None] = {}
        self._plan = plan
        self._limits = limits

    @property
    def pain_for_feedback(self) -> int | None:
        """Pain as the set cards should know it: severe pain was spoken of, no card repeats it."""
        pain = self.answers.get("pain_before")
        return None if pain is None else min(pain, self._limits.severe - 1)

    def ask(self) -> Question | None:
        """Put the next question of the screen; None when there is none left."""
        self.question = next_question(
            self.stage,
            self.answers,
            has_band=any(step.has_band for step in self._plan.steps),
            is_programme=self._plan.is_programme,
            is_resumed=self._plan.is_resumed,
            limits=self._limits,
        )
        return self.question

    def answer(self, question: Question, value: int | None) -> Text | None:
        """Take in an answer; return what to say to it."""
        self.answers[question.code] = value
        return advice(self.stage, question.code, self.answers, self._limits)

    def close(self) -> None:
        """Ask nothing more."""
        self.question = None
