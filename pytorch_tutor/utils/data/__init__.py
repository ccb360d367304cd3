"""Data for training: datasets know their samples, samplers choose an order, the loader makes batches.

Read ``dataset``, ``sampler``, ``collate``, then ``dataloader``; ``worker`` and ``multiprocess`` show how several
processes load ahead of time.
"""

from pytorch_tutor.utils.data.collate import default_collate, default_convert
from pytorch_tutor.utils.data.dataloader import DataLoader
from pytorch_tutor.utils.data.dataset import (
    ChainDataset,
    ConcatDataset,
    Dataset,
    IterableDataset,
    StackDataset,
    Subset,
    TensorDataset,
    random_split,
)
from pytorch_tutor.utils.data.distributed import DistributedSampler
from pytorch_tutor.utils.data.sampler import (
    BatchSampler,
    RandomSampler,
    Sampler,
    SequentialSampler,
    SubsetRandomSampler,
    WeightedRandomSampler,
)
from pytorch_tutor.utils.data.worker import get_worker_info

__all__ = [
    "BatchSampler",
    "ChainDataset",
    "ConcatDataset",
    "DataLoader",
    "Dataset",
    "DistributedSampler",
    "IterableDataset",
    "RandomSampler",
    "Sampler",
    "SequentialSampler",
    "StackDataset",
    "Subset",
    "SubsetRandomSampler",
    "TensorDataset",
    "WeightedRandomSampler",
    "default_collate",
    "default_convert",
    "get_worker_info",
    "random_split",
]
