using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads answers of Gemini's <c>generateContent</c>.</summary>
/// <remarks>
/// Each chunk of a stream tells all usage so far, and none says that it is the last: the answer has ended when every candidate has a reason
/// why it finished.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class GeminiReader : AnswerReader
{
    private readonly HashSet<long> _open = [];
    private ProviderReport _told = new();
    private long _queries;
    private bool _finished;
    private bool _failed;

    /// <inheritdoc/>
    public override ProviderReport Report => _finished && !_failed && _open.Count == 0 && _told.Usage is { } usage
        ? _told with { Usage = usage with { GroundingQueries = _queries } }
        : _told with { Usage = null };

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        (_told, _queries, _finished) = (Said(answer), GroundingQueries(answer), true);
        return Report;
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        var told = Said(data);
        _queries += GroundingQueries(data);

        // Counts that more text has followed, or that what cannot be read has taken the place of, are of less than is billed.
        var usage = UsageJson.Find(data, "usageMetadata") is null && UsageJson.Find(data, "candidates") is null ? _told.Usage : told.Usage;
        _told = new ProviderReport { Usage = usage, Model = told.Model ?? _told.Model, ServiceTier = told.ServiceTier ?? _told.ServiceTier };
        _failed |= UsageJson.Find(data, "error") is not null;
        _finished |= UsageJson.Find(data, "promptFeedback") is { } feedback && UsageJson.Find(feedback, "blockReason") is not null;
        foreach (var candidate in Candidates(data))
        {
            Observe(candidate);
        }
    }

    private void Observe(JsonElement candidate)
    {
        var index = UsageJson.Count(candidate, "index") ?? 0;
        if (UsageJson.Find(candidate, "finishReason") is not null)
        {
            _finished = true;
            _open.Remove(index);
        }
        else
        {
            _open.Add(index);
        }
    }

    private ProviderReport Said(JsonElement answer)
    {
        var usage = UsageJson.Find(answer, "usageMetadata");
        ToldUsage |= usage is not null;
        return new ProviderReport
        {
            Usage = usage is { } counted ? GeminiUsage.Read(counted) : null,
            Model = UsageJson.Text(answer, "modelVersion"),
            ServiceTier = GeminiTier.Read(usage is { } where ? UsageJson.Text(where, "serviceTier") : null),
        };
    }

    /// <summary>The queries that grounded the candidates; they are not in the usage.</summary>
    private static long GroundingQueries(JsonElement answer) => Candidates(answer).Sum(QueriesOf);

    private static long QueriesOf(JsonElement candidate) =>
        UsageJson.Find(candidate, "groundingMetadata") is { } grounding
        && UsageJson.Find(grounding, "webSearchQueries") is { ValueKind: JsonValueKind.Array } queries
            ? queries.GetArrayLength()
            : 0;

    private static JsonElement.ArrayEnumerator Candidates(JsonElement answer) =>
        UsageJson.Find(answer, "candidates") is { ValueKind: JsonValueKind.Array } candidates ? candidates.EnumerateArray() : default;
}
