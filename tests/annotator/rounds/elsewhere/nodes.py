"""A cluster of two nodes with one core each, as others would have it running: `python nodes.py`.

It prints its address. A line on its standard input kills a node; its end ends the cluster.
"""

import sys

from ray.cluster_utils import Cluster

from annotator.rounds.elsewhere.driver import ALONE, free_ports

MEMORY = 128 << 20  # bytes that the processes of a node share


def about() -> dict[str, int]:
    """What every node is told."""
    return {"object_store_memory": MEMORY, **free_ports()}


def main() -> None:
    """Start it, do as told, and end it."""
    head = ALONE | {"num_cpus": 0} | about()
    cluster = Cluster(initialize_head=True, head_node_args=head)
    nodes = [cluster.add_node(num_cpus=1, **about()) for _ in range(2)]
    print(cluster.address, flush=True)
    for _ in sys.stdin:
        cluster.remove_node(nodes.pop(), allow_graceful=False)
        print("killed", flush=True)
    cluster.shutdown()


if __name__ == "__main__":
    main()
