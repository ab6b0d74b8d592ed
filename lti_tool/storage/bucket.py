"""A place in an object store."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where it lies and how it is opened.

    Attributes:
        by_path: whether the bucket stands in the path instead of the host's name.
    """

    endpoint: str
    name: str
    region: str
    access_key: str
    secret_key: str = field(repr=False)
    by_path: bool = True

    def url(self, key: str) -> str:
        """Return the address of an object, or of the bucket itself."""
        if self.by_path:
            return f"{self.endpoint}/{self.name}/{key}"
        scheme, _, host = self.endpoint.partition("://")
        return f"{scheme}://{self.name}.{host}/{key}"
