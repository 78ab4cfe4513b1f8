using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Calls;

namespace SpendGuard.Testing.Provider.Batches.Anthropic;

/// <summary>Batches of messages.</summary>
internal sealed class AnthropicBatches : SimulatedBatches
{
    public AnthropicBatches(Model model, CallBook book)
        : base(model, book) => ToldTier = "batch";

    private protected override string PathOf(SimulatedBatch batch) => "/v1/messages";

    private protected override void TellTier(JsonObject answer, Generation generation)
    {
        if (answer["usage"] is JsonObject usage)
        {
            usage.Remove("service_tier");
            if (ToldTier is { } tier)
            {
                usage["service_tier"] = tier;
            }
        }
    }

    private protected override SimulatedBatch Ended(SimulatedBatch batch) => batch;
}
