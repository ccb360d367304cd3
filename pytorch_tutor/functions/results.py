"""What factorisations return: tuples whose parts have names, shown as PyTorch shows them."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any, ClassVar


class Result(tuple[Any, ...]):
    """A tuple with names; a subclass lists them in ``_fields``.

    >>> import pytorch_tutor as torch
    >>> torch.linalg.eigh(torch.eye(1))
    torch.return_types.linalg_eigh(
    eigenvalues=tensor([1.]),
    eigenvectors=tensor([[1.]]))
    """

    __slots__ = ()
    _fields: ClassVar[tuple[str, ...]] = ()

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """The parts by their names."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for place, field in enumerate(cls._fields):
            setattr(cls, field, property(itemgetter(place)))
        cls.__module__ = f"{__package__.partition('.')[0]}.return_types"

    def __new__(cls, *parts: Any) -> Result:
        return tuple.__new__(cls, parts)

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        shown = ",\n".join(f"{field}={part!r}" for field, part in zip(self._fields, self, strict=True))
        return f"torch.return_types.{type(self).__name__}(\n{shown})"


# The classes bear PyTorch's own names, in small letters.
class linalg_cholesky_ex(Result):
    """What ``torch.linalg.cholesky_ex`` gives."""

    __slots__ = ()
    _fields = ("L", "info")


class linalg_eig(Result):
    """What ``torch.linalg.eig`` gives."""

    __slots__ = ()
    _fields = ("eigenvalues", "eigenvectors")


class linalg_eigh(Result):
    """What ``torch.linalg.eigh`` gives."""

    __slots__ = ()
    _fields = ("eigenvalues", "eigenvectors")


class linalg_inv_ex(Result):
    """What ``torch.linalg.inv_ex`` gives."""

    __slots__ = ()
    _fields = ("inverse", "info")


class linalg_ldl_factor(Result):
    """What ``torch.linalg.ldl_factor`` gives."""

    __slots__ = ()
    _fields = ("LD", "pivots")


class linalg_ldl_factor_ex(Result):
    """What ``torch.linalg.ldl_factor_ex`` gives."""

    __slots__ = ()
    _fields = ("LD", "pivots", "info")


class linalg_lstsq(Result):
    """What ``torch.linalg.lstsq`` gives."""

    __slots__ = ()
    _fields = ("solution", "residuals", "rank", "singular_values")


class linalg_lu(Result):
    """What ``torch.linalg.lu`` gives."""

    __slots__ = ()
    _fields = ("P", "L", "U")


class linalg_lu_factor(Result):
    """What ``torch.linalg.lu_factor`` gives."""

    __slots__ = ()
    _fields = ("LU", "pivots")


class linalg_lu_factor_ex(Result):
    """What ``torch.linalg.lu_factor_ex`` gives."""

    __slots__ = ()
    _fields = ("LU", "pivots", "info")


class linalg_qr(Result):
    """What ``torch.linalg.qr`` gives."""

    __slots__ = ()
    _fields = ("Q", "R")


class linalg_slogdet(Result):
    """What ``torch.linalg.slogdet`` gives."""

    __slots__ = ()
    _fields = ("sign", "logabsdet")


class linalg_solve_ex(Result):
    """What ``torch.linalg.solve_ex`` gives."""

    __slots__ = ()
    _fields = ("result", "info")


class linalg_svd(Result):
    """What ``torch.linalg.svd`` gives."""

    __slots__ = ()
    _fields = ("U", "S", "Vh")


# -- by the names that they had before torch.linalg
class geqrf(Result):
    """What ``torch.geqrf`` gives."""

    __slots__ = ()
    _fields = ("a", "tau")


class lu_unpack(Result):
    """What ``torch.lu_unpack`` gives."""

    __slots__ = ()
    _fields = ("P", "L", "U")


class _lu_with_info(Result):
    """What ``torch.lu`` with ``get_infos`` gives."""

    __slots__ = ()
    _fields = ("LU", "pivots", "info")


class qr(Result):
    """What ``torch.qr`` gives."""

    __slots__ = ()
    _fields = ("Q", "R")


class slogdet(Result):
    """What ``torch.slogdet`` gives."""

    __slots__ = ()
    _fields = ("sign", "logabsdet")


class svd(Result):
    """What ``torch.svd`` gives."""

    __slots__ = ()
    _fields = ("U", "S", "V")


class triangular_solve(Result):
    """What ``torch.triangular_solve`` gives."""

    __slots__ = ()
    _fields = ("solution", "cloned_coefficient")
