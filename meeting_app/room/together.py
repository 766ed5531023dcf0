"""What waits for the rows is asked for together: one trip to a thread, one transaction, for all that came meanwhile."""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Together(Generic[Question, Answer]):
    """Answers questions in groups, one group after the other; a lone question goes at once."""

    def __init__(
        self, threads: Executor, answer: Callable[[Sequence[Question]], Sequence[Answer | Exception]], most: int
    ) -> None:
        """`answer` runs in a thread and gives as many answers as it gets questions, at most `most`."""
        self._threads, self._answer, self._most = threads, answer, most
        self._waiting: deque[tuple[Question, asyncio.Future[Answer]]] = deque()
        self._working: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """The answer; an Exception among the answers is raised here, and only here."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        self._waiting.append((question, answer))
        if self._working is None or self._working.done():
            self._working = loop.create_task(self._work())
        return await answer

    def close(self) -> None:
        """Nobody is answered any more; what a thread has begun it ends."""
        if self._working is not None:
            self._working.cancel()

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(self._most, len(self._waiting)))]
            questions = [question for question, _ in group]
            try:
                answers: Sequence[Answer | Exception] = await loop.run_in_executor(
                    self._threads, self._answer, questions
                )
            except Exception as error:  # noqa: BLE001 — told to each who asked
                answers = [error] * len(group)
            except asyncio.CancelledError:
                for _, future in (*group, *self._waiting):
                    future.cancel()
                self._waiting.clear()
                raise
            for (_, future), answer in zip(group, answers, strict=True):
                if future.done():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)
