"""Huawei Cloud Host Security Service (v5) and the part of IAM beside it, simulated from their API references."""

from sandbox.systems.huawei_hss.server import HuaweiHss

__all__ = ["HuaweiHss"]
