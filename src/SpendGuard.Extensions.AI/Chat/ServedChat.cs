using Microsoft.Extensions.AI;
using SpendGuard.Billing;
using SpendGuard.Providers;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from an answer, or the updates of a stream, what the provider says of a chat call.</summary>
/// <remarks>
/// The JSON that an answer came from says what adapters do not hand on: cache writes and how long they live, calls of hosted tools, several
/// iterations, the service tier, a stated cost, the usage of an incomplete answer. Where it tells no usage, the adapter's counts do.
/// </remarks>
internal sealed class ServedChat(ModelCall call) : IStreamedCall<ChatResponseUpdate>
{
    private readonly AnswerReader _reader = Vendor.Of(call.Model.Provider).ChatReader(call.Shape);
    private readonly HashSet<string> _searches = new(StringComparer.Ordinal);
    private readonly StreamedUsage _usage = new();
    private string? _modelId;

    private ProviderReport Report => Said(_usage.Told, _usage.HasOutput);

    public static ProviderReport Read(ChatResponse response, ModelCall call)
    {
        var served = new ServedChat(call);
        var contents = response.Messages.SelectMany(message => message.Contents).ToList();
        served.Observe(response.ModelId, contents);
        using var answer = RawAnswer.Read(response.RawRepresentation);
        if (answer is not null)
        {
            served._reader.ReadAnswer(answer.RootElement);
        }

        return served.Said(response.Usage, contents.Exists(content => StreamedUsage.IsText(content) || StreamedUsage.IsMade(content) || content is FunctionCallContent));
    }

    public void Observe(ChatResponseUpdate update)
    {
        Observe(update.ModelId, update.Contents);
        _usage.Observe(update);
        if (IsOnlyText(update))
        {
            // Writing the JSON of every piece of text anew would cost more than it tells.
            _reader.SkipEvent();
            return;
        }

        using var next = RawAnswer.Read(update.RawRepresentation);
        if (next is not null)
        {
            _reader.ReadEvent(next.RootElement);
        }
    }

    public ProviderReport End()
    {
        _reader.EndStream();
        var report = Report;
        return _reader.ToldUsage ? report : report with { Incomplete = report.Incomplete ?? _usage.Missing };
    }

    public ProviderReport BreakOff(string reason)
    {
        var report = Report;
        return report.Usage is null ? report with { Reason = reason }
            : _reader.ToldUsage || _usage.IsOfTheEnd ? report
            : report with { Incomplete = report.Incomplete ?? reason };
    }

    /// <summary>What the SDK's own answer says; where that tells no usage, what its adapter does.</summary>
    private ProviderReport Said(UsageDetails? usage, bool hasOutput)
    {
        var said = _reader.Report;
        var counted = _reader.ToldUsage ? said : ChatUsage.Read(usage, call, _searches.Count, hasOutput);
        return counted with { Model = _modelId ?? said.Model, ServiceTier = said.ServiceTier };
    }

    private static bool IsOnlyText(ChatResponseUpdate update) =>
        update is { Contents.Count: > 0, FinishReason: null } && update.Contents.All(StreamedUsage.IsText);

    private void Observe(string? modelId, IEnumerable<AIContent> contents)
    {
        _modelId = modelId ?? _modelId;

        // A stream may show a call more than once.
        _searches.UnionWith(contents.OfType<WebSearchToolCallContent>().Select(search => search.CallId));
    }
}
