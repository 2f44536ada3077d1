"""A region encoded by many: threads of a block's task, processes, machines.

shards    the part of all blocks that one job of an array takes
job       what a worker needs to know of a scene; one block encoded where it lands
engines   where tasks run: processes of this machine, a Dask cluster
run       tasks handed out, lost ones run again, suspects alone
embed     all blocks of a region, on an engine or in this process
"""
