using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Anthropic;

/// <summary>Reads Anthropic's messages.</summary>
/// <remarks>
/// The first event of a stream tells the input and a placeholder for the output; later ones tell all so far. Before the one that tells why
/// the message has stopped, its cost is unknown.
/// </remarks>
/// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
/// <param name="pricedRegion">A region whose surcharge is in the price already; null for none.</param>
[Experimental(ApiTier.Adapters)]
public sealed class AnthropicMessageReader(bool longCacheWrites, string? pricedRegion = null) : AnswerReader
{
    private readonly List<JsonElement> _usages = [];
    private string? _model;
    private bool _started;
    private bool _toldAll;
    private bool _failed;

    /// <inheritdoc/>
    public override ProviderReport Report => new()
    {
        Usage = _started && _toldAll && !_failed ? AnthropicUsage.Read(_usages, longCacheWrites) : null,
        Model = _model,
        ServiceTier = AnthropicTier.Read(_usages, pricedRegion),
    };

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        _usages.Clear();
        _model = UsageJson.Text(answer, "model");
        _started = _toldAll = Take(answer) is not null;
        return Report;
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        switch (UsageJson.Text(data, "type"))
        {
            case "message_start" when UsageJson.Find(data, "message") is { } message:
                _model = UsageJson.Text(message, "model");
                _usages.Clear();
                _started = Take(message) is { } start && AnthropicUsage.Read(start) is not null;
                _toldAll = false;
                break;
            case "message_delta":
                // Only the last tells all of the output. Without its count, that of an earlier one or the placeholder would be charged.
                _toldAll = Take(data) is { } usage
                    && UsageJson.Count(usage, "output_tokens") is not null
                    && UsageJson.Find(data, "delta") is { } delta
                    && UsageJson.Find(delta, "stop_reason") is not null;
                break;
            case "message_stop":
                Ended = true;
                break;
            case "error":
                Ended = _failed = true;
                break;
        }
    }

    private JsonElement? Take(JsonElement parent)
    {
        if (UsageJson.Object(parent, "usage") is not { } usage)
        {
            return null;
        }

        ToldUsage = true;
        _usages.Add(usage.Clone());
        return _usages[^1];
    }
}
