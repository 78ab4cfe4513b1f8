using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using SpendGuard.Billing;
using SpendGuard.Providers.Counts;

namespace SpendGuard.Providers.Gemini;

/// <summary>Reads answers of Gemini's <c>generateContent</c>.</summary>
/// <remarks>
/// Each chunk of a stream tells all usage so far, and none says that it is the last: the answer has ended when every candidate has a reason
/// why it finished. Counts that more of the answer has followed are of less than is billed.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed class GeminiReader : AnswerReader
{
    private readonly HashSet<long> _open = [];
    private ProviderReport _said = new();
    private ToldCounts? _told;
    private long _queries;
    private bool _isFinished;
    private bool _isOfTheEnd;
    private bool _isFollowed;
    private bool _hasText;

    /// <inheritdoc/>
    public override ProviderReport Report
    {
        get
        {
            if (_told is null)
            {
                return _said;
            }

            var report = _said.With(GeminiUsage.Report(_told, _hasText))
                .If(_isFinished && _open.Count == 0 && _isOfTheEnd && !_isFollowed, "the stream ended before the provider had told the whole usage");
            return report with { Usage = report.Usage is { } usage ? usage with { GroundingQueries = _queries } : null };
        }
    }

    /// <inheritdoc/>
    public override ProviderReport ReadAnswer(JsonElement answer)
    {
        ReadEvent(answer);
        _isFinished = _isOfTheEnd = true;
        _open.Clear();
        return Report;
    }

    /// <inheritdoc/>
    public override void ReadEvent(JsonElement data)
    {
        _said = new ProviderReport
        {
            Model = UsageJson.Text(data, "modelVersion") ?? _said.Model,
            ServiceTier = Tier(data) ?? _said.ServiceTier,
        };
        _queries += GroundingQueries(data);
        _isFinished |= UsageJson.Find(data, "promptFeedback") is { } feedback && UsageJson.Find(feedback, "blockReason") is not null;
        var hasText = false;
        foreach (var candidate in Candidates(data))
        {
            hasText |= Observe(candidate);
        }

        _hasText |= hasText;
        if (UsageJson.Find(data, "usageMetadata") is { } usage)
        {
            var told = GeminiUsage.Read(usage);
            (_told, ToldUsage, _isFollowed) = (told.After(_told), true, false);
            _isOfTheEnd = _isFinished && _open.Count == 0 && !told.IsEmpty;
        }
        else
        {
            _isFollowed |= hasText;
        }
    }

    /// <summary>Takes note of a candidate, which goes on until it has a reason why it finished.</summary>
    /// <returns>Whether it brings some of the answer.</returns>
    private bool Observe(JsonElement candidate)
    {
        var index = UsageJson.Count(candidate, "index") ?? 0;
        if (UsageJson.Find(candidate, "finishReason") is not null)
        {
            _isFinished = true;
            _open.Remove(index);
        }
        else
        {
            _open.Add(index);
        }

        return UsageJson.Object(candidate, "content") is { } content
            && UsageJson.Find(content, "parts") is { ValueKind: JsonValueKind.Array } parts
            && parts.EnumerateArray().Any(part => !(UsageJson.Text(part, "text") is ""));
    }

    private static string? Tier(JsonElement answer) =>
        GeminiTier.Read(UsageJson.Object(answer, "usageMetadata") is { } usage ? UsageJson.Text(usage, "serviceTier") : null);

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
