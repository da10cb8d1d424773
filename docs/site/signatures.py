"""For the API reference: operations are shown as they are called, not as the generators they are written as."""

from __future__ import annotations

from typing import Any

import griffe

__all__ = ["Signatures"]


class Signatures(griffe.Extension):
    """Turns `Operation[R]` into `tuple[R | None, ErrorCode]`, and drops the decorator."""

    def on_function_instance(self, *, func: griffe.Function, **kwargs: Any) -> None:
        """Change what a method that is an operation is said to return."""
        for decorator in list(func.decorators):
            if str(decorator.value).partition("(")[0] == "operation":
                func.decorators.remove(decorator)
                returns = str(func.returns)
                if returns.startswith("Operation[") and returns != "Operation[None]":
                    func.returns = f"tuple[{returns[len('Operation[') : -1]} | None, ErrorCode]"
                elif returns == "Operation[None]":
                    func.returns = "tuple[None, ErrorCode]"
