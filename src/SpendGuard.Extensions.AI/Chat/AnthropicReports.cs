using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Anthropic;

namespace SpendGuard.Extensions.AI;

/// <summary>
/// The <c>usage</c> objects of an Anthropic message, which tell what the adapter does not hand on: how long a cache entry lives, several
/// iterations, the service tier and the region.
/// </summary>
internal sealed class AnthropicReports
{
    private readonly List<JsonElement> _usages = [];
    private bool _toldAll;

    /// <summary>Takes in a whole message, or an event of a stream.</summary>
    public void Observe(JsonElement said)
    {
        if (said.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.Object)
        {
            // The start of a stream: its output is a placeholder.
            Add(message);
        }
        else
        {
            _toldAll |= Add(said);
        }
    }

    /// <summary>What was told; null when nothing was, and without usage when the end of a stream was not.</summary>
    public ProviderReport? Read(bool longCacheWrites) => _usages.Count == 0 ? null : new ProviderReport
    {
        Usage = _toldAll ? AnthropicUsage.Read(_usages, longCacheWrites) : null,
        ServiceTier = AnthropicTier.Read(_usages),
    };

    private bool Add(JsonElement parent)
    {
        if (!parent.TryGetProperty("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return false;
        }

        _usages.Add(usage.Clone());
        return usage.TryGetProperty("output_tokens", out var output) && output.ValueKind == JsonValueKind.Number;
    }
}
