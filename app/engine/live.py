"""The live engine: one task takes what waits in the inbox as a batch, commits what it causes, then
tells.

    inbox --> engine.handle (pure) --> journal.commit (durable) --> answers and bus (visible)

A failed commit throws the engine away: a new one is built from the record and the batch is tried
again. A batch that cannot be handled or committed for a reason of its own is taken apart, and only
the input at fault is refused.
"""
