"""Changing a gateway's database behind its back."""

from jeongsan.loop.operation import Stamp
from jeongsan.store.session import Session
from support.sandbox import Sandbox


async def tamper(sandbox: Sandbox, statement: str) -> None:
    """Run a statement that no operation of the gateway would."""

    async def work(session: Session, stamp: Stamp) -> None:
        await session.execute(statement)

    await sandbox.gateway.loop.alone("Test.tamper", work)
