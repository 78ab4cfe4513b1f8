using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Sidecar.Dialects.Gemini;

/// <summary>
/// Reads the chunks of a streamed answer. Each tells all usage so far, and none says that it is the last: the answer has ended when every
/// candidate has a reason why it finished.
/// </summary>
internal sealed class GeminiEvents : IEventReader
{
    private readonly HashSet<long> _open = [];
    private ProviderReport _told = new();
    private long _queries;
    private bool _finished;
    private bool _failed;

    public ProviderReport Report => _finished && !_failed && _open.Count == 0 && _told.Usage is { } usage
        ? _told with { Usage = usage with { GroundingQueries = _queries } }
        : _told with { Usage = null };

    public EventFate Observe(ReadOnlySpan<byte> data)
    {
        using var chunk = EventJson.TryParse(data);
        if (chunk is null)
        {
            return EventFate.Pass;
        }

        var root = chunk.RootElement;
        var told = GeminiAnswer.Report(root);
        _queries += GeminiAnswer.GroundingQueries(root);

        // Counts that more text has followed, or that what cannot be read has taken the place of, are of less than is billed.
        var usage = root.Find("usageMetadata") is null && root.Find("candidates") is null ? _told.Usage : told.Usage;
        _told = new ProviderReport { Usage = usage, Model = told.Model ?? _told.Model, ServiceTier = told.ServiceTier ?? _told.ServiceTier };
        _failed |= root.Find("error") is not null;
        _finished |= root.Find("promptFeedback")?.Find("blockReason") is not null;
        if (root.Find("candidates") is { ValueKind: JsonValueKind.Array } candidates)
        {
            foreach (var candidate in candidates.EnumerateArray())
            {
                Observe(candidate);
            }
        }

        return EventFate.Pass;
    }

    private void Observe(JsonElement candidate)
    {
        var index = candidate.Find("index") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var told) ? told : 0;
        if (candidate.Find("finishReason") is not null)
        {
            _finished = true;
            _open.Remove(index);
        }
        else
        {
            _open.Add(index);
        }
    }
}
