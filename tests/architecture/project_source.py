"""What the architecture tests read: the project's own files as text and syntax trees. Imports nothing of the project."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE_OF_APPS = ("core", "villages", "accounts", "households", "assessment", "reports", "fupin")


@cache
def app_files() -> tuple[Path, ...]:
    """Python files of the apps, without migrations (generated) and tests."""
    found = (path for app in LINE_OF_APPS for path in (ROOT / app).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def all_python_files() -> tuple[Path, ...]:
    outside = [ROOT / "manage.py", *(ROOT / "scripts").rglob("*.py"), *(ROOT / "docker").rglob("*.py")]
    return (*app_files(), *sorted(outside), *sorted((ROOT / "tests").rglob("*.py")))


@cache
def template_files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file()))


@cache
def static_files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in (ROOT / "static").rglob("*") if path.suffix in (".css", ".js", ".svg")))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


@cache
def module_of(path: Path) -> str:
    """core/crypto/__init__.py → core.crypto"""
    parts = list(path.relative_to(ROOT).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, Path]:
    return {module_of(path): path for path in app_files()}


def imports_of(path: Path, tree: ast.AST | None = None) -> list[tuple[int, str]]:
    """(line, dotted name) of every import in the file, inside functions too; `from a import b` gives a and a.b. A module named in a
    string for import_module counts as well."""
    package = module_of(path).split(".")
    package = package if path.name == "__init__.py" else package[:-1]
    found = []
    for node in ast.walk(tree or tree_of(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            found += [(node.lineno, source), *((node.lineno, f"{source}.{alias.name}") for alias in node.names)]
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__", "import_string"):
            found += [
                (node.lineno, arg.value)
                for arg in node.args
                if isinstance(arg, ast.Constant) and isinstance(arg.value, str)
            ]
    return found


def eager_imports_of(path: Path) -> list[tuple[int, str]]:
    """Imports that run when the module is loaded: none inside a function, none under `if TYPE_CHECKING`."""
    tree = ast.Module(
        body=[_without_functions(node) for node in tree_of(path).body if not _type_checking(node)], type_ignores=[]
    )
    return imports_of(path, tree)


def functions_of(path: Path) -> list[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """(qualified name, node) of every function and method."""
    found = []

    def visit(node: ast.AST, prefix: str) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                if not isinstance(child, ast.ClassDef):
                    found.append((prefix + child.name, child))
                visit(child, f"{prefix}{child.name}.")
            else:
                visit(child, prefix)

    visit(tree_of(path), "")
    return found


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def _without_functions(node: ast.AST) -> ast.AST:
    return ast.Pass() if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else node
