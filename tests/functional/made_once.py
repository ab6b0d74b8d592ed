"""What every new app would make again, made once for all tests of a run: content, routes, templates, statements, files.

None of it can differ from one test to the next: each is found by all that it is made of.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from lti_tool import app as composition
from lti_tool.curriculum.model import Catalogue
from lti_tool.db import engine as engines
from lti_tool.web import assets

_load_catalogue, _CATALOGUES = composition.load_catalogue, {}
_compile_rule, _RULES = Rule.compile, {}
_create_engine, _STATEMENTS = engines.create_engine, LRUCache(5000)


def install() -> None:
    composition.load_catalogue = _catalogue
    assets.read_bundle = cache(assets.read_bundle)
    Rule.compile = _compile
    engines.create_engine = _engine
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__hash__ = lambda self: hash(type(self))
        dialect.__eq__ = lambda self, other: type(self) is type(other)


def share_templates(app: Flask) -> None:
    app.jinja_env.bytecode_cache = _TEMPLATES


def _catalogue(folder: Path, *given: Any) -> Catalogue:
    """Compile a folder unless one with the very same files has been compiled before, wherever it lay."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    key = (*((str(path.relative_to(folder)), sha256(path.read_bytes()).digest()) for path in files), *given)
    if key not in _CATALOGUES:
        _CATALOGUES[key] = _load_catalogue(folder, *given)
    return _CATALOGUES[key]


def _compile(rule: Rule) -> None:
    """Parse a rule and make the function that builds its addresses, unless one like it has been compiled before."""
    key = (rule.rule, rule.host, rule.subdomain, rule.merge_slashes, repr(rule.defaults), *rule.map.converters.items())
    if key not in _RULES:
        _compile_rule(rule)
        made = (rule._parts, rule._trace, rule._converters, frozenset(rule.arguments))
        _RULES[key] = (*made, rule._build.__func__, rule._build_unknown.__func__)
        return
    rule._parts, rule._trace, rule._converters, arguments, build, build_unknown = _RULES[key]
    rule.arguments |= arguments
    rule._build, rule._build_unknown = build.__get__(rule, None), build_unknown.__get__(rule, None)


def _engine(*given: Any, **options: Any) -> Engine:
    """Make an engine that finds the statements other engines for databases of its kind have put into words."""
    engine = _create_engine(*given, **options)
    engine._compiled_cache = _STATEMENTS
    return engine


class _CompiledTemplates(BytecodeCache):
    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._compiled:
            bucket.bytecode_from_string(self._compiled[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


_TEMPLATES = _CompiledTemplates()
