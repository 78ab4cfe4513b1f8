using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Anthropic;

/// <summary>Reads Anthropic's messages.</summary>
/// <remarks>
/// The first event of a stream tells the input and a placeholder for the output; later ones tell all so far. Before the one that tells why
/// the message has stopped, and after more of the message, the counts are of less than is billed.
/// </remarks>
/// <param name="longCacheWrites">Whether the call asked for a cache of an hour: what is not said to be short-lived counts as that.</param>
/// <param name="pricedRegion">A region whose surcharge is in the price already; null for none.</param>
[Experimental(ApiTier.Adapters)]
public sealed class AnthropicMessageReader(bool longCacheWrites, string? pricedRegion = null) : AnswerReader
{
    private readonly List<JsonElement> _usages = [];
    private string? _id;
    private string? _model;
    private Usage? _before;
    private bool _started;
    private bool _stopped;
    private bool _toldOutput;
    private bool _isFollowed;
    private bool _hasText;

    /// <summary>Whether the messages are of a batch, which has a price of its own.</summary>
    public bool InBatch { get; init; }

    /// <inheritdoc/>
    public override ProviderReport Report
    {
        get
        {
            var said = new ProviderReport { Model = _model, ServiceTier = AnthropicTier.Read(_usages, pricedRegion, InBatch) };
            if (_usages.Count == 0 && _before is null)
            {
                return said;
            }

            var report = said.With(AnthropicUsage.Read(_usages, longCacheWrites, _hasText))
                .If(_started && _stopped && _toldOutput && !_isFollowed, "the stream ended before the provider had told the whole usage");
            return _before is null ? report : (report with { Usage = report.Usage is { } usage ? AnthropicUsage.Sum(_before, usage) : _before })
                .If(isWhole: false, "the stream has several messages in it");
        }
    }

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        _usages.Clear();
        _model = UsageJson.Text(answer, "model");
        _started = _stopped = _toldOutput = Take(answer) is not null;
        _hasText = UsageJson.Find(answer, "content") is { ValueKind: JsonValueKind.Array } content && content.GetArrayLength() > 0;
        return Report;
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        switch (UsageJson.Text(data, "type"))
        {
            case "message_start" when UsageJson.Find(data, "message") is { } message:
                KeepAnother(UsageJson.Text(message, "id"));
                _model = UsageJson.Text(message, "model");
                _usages.Clear();
                _started = Take(message) is { } start && UsageJson.Count(start, "input_tokens") is not null;
                _stopped = _toldOutput = _isFollowed = false;
                break;
            case "content_block_delta":
                SkipEvent();
                break;
            case "message_delta":
                var delta = UsageJson.Find(data, "delta");
                var stops = delta is { } change && UsageJson.Find(change, "stop_reason") is not null;
                _stopped |= stops;
                if (Take(data) is { } usage)
                {
                    // Without its count, that of an earlier one or the placeholder would be charged.
                    _toldOutput = _stopped && (stops || delta is null) && UsageJson.Count(usage, "output_tokens") is not null;
                    _isFollowed = false;
                }

                break;
            case "message_stop" or "error":
                Ended = true;
                break;
        }
    }

    /// <inheritdoc/>
    public override void SkipEvent()
    {
        // A message that had stopped and goes on has not.
        _stopped = false;
        _isFollowed = _hasText = true;
    }

    /// <summary>Another message in the same stream, such as of a gateway that asks again, is billed beside the one before.</summary>
    private void KeepAnother(string? id)
    {
        if (_usages.Count > 0 && (id is null || id != _id) && AnthropicUsage.Read(_usages, longCacheWrites, _hasText).Usage is { } usage)
        {
            _before = _before is null ? usage : AnthropicUsage.Sum(_before, usage);
        }

        _id = id;
    }

    private JsonElement? Take(JsonElement parent)
    {
        if (UsageJson.Find(parent, "usage") is not { } usage)
        {
            return null;
        }

        ToldUsage = true;
        _usages.Add(usage.Clone());
        return _usages[^1];
    }
}
