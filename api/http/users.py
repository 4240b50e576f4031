"""What is known of a person, and how it is forgotten."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from api.http.serving import ServingNow, WritingShop
from api.http.wire import MAX_NAME, ForgetAnswer, JsonResponse

router = APIRouter(tags=["users"])


@router.delete(
    "/v1/shops/{shop}/users/{user_id}",
    summary="Forget a person",
    response_model=None,
    responses={200: {"model": ForgetAnswer}},
)
async def forget_user(
    shop: WritingShop,
    serving: ServingNow,
    user_id: Annotated[str, Path(description="Of a user, or of a client.", min_length=1, max_length=MAX_NAME)],
) -> Response:
    """Their events are deleted from the shop's log before this answers, and left out of what the next night learns.

    What sessions of the shop did is forgotten by every worker within half a second. Somebody who is not known was
    forgotten already: 200, and no event.
    """
    deleted = await asyncio.get_running_loop().run_in_executor(serving.log_threads, lambda: shop.forget(user_id))
    serving.forget_sessions(shop)
    return JsonResponse({"deleted_events": deleted})
