"""Entry strategies to choose from."""

from app.api.deps import Platform
from app.api.nouns import Noun
from app.api.shapes.strategies import StrategiesOut

router = Noun()


@router.get("", response_model=StrategiesOut)
async def list_strategies(parts: Platform) -> dict[str, object]:
    """List every strategy with its templates and the JSON Schema of its parameters."""
    return {
        "items": [
            {
                "name": name,
                "aliases": list(strategy.aliases),
                "summary": strategy.summary,
                "parameters": strategy.model_json_schema(),
                "spellings": dict(strategy.spellings),
                "templates": {key: dict(values) for key, values in strategy.templates.items()},
                "lookback": strategy().lookback,
            }
            for name, strategy in sorted(parts.strategies.items())
        ]
    }
