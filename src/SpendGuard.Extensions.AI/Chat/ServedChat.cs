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
    private UsageDetails? _usage;
    private string? _modelId;

    public static ProviderReport Read(ChatResponse response, ModelCall call)
    {
        var served = new ServedChat(call);
        served.Observe(response.ModelId, response.Messages.SelectMany(message => message.Contents));
        served._usage = response.Usage;
        using var answer = RawAnswer.Read(response.RawRepresentation);
        if (answer is not null)
        {
            served._reader.ReadAnswer(answer.RootElement);
        }

        return served.Report;
    }

    public void Observe(ChatResponseUpdate update)
    {
        Observe(update.ModelId, update.Contents);

        // Writing the JSON of every piece of text anew would cost more than it tells.
        using var next = IsOnlyText(update) ? null : RawAnswer.Read(update.RawRepresentation);
        if (next is null)
        {
            _reader.SkipEvent();
        }
        else
        {
            _reader.ReadEvent(next.RootElement);
        }
    }

    public ProviderReport End()
    {
        _reader.EndStream();
        return Report;
    }

    private ProviderReport Report => _reader.Report is var said && _reader.ToldUsage
        ? said with { Model = _modelId ?? said.Model }
        : new ProviderReport { Usage = ChatUsage.Read(_usage, call, _searches.Count), Model = _modelId ?? said.Model, ServiceTier = said.ServiceTier };

    private static bool IsOnlyText(ChatResponseUpdate update) =>
        update is { Contents.Count: > 0, FinishReason: null } && update.Contents.All(content => content is TextContent or TextReasoningContent);

    private void Observe(string? modelId, IEnumerable<AIContent> contents)
    {
        _modelId = modelId ?? _modelId;
        foreach (var content in contents)
        {
            if (content is UsageContent { Details: { } details })
            {
                // Each is an addition to the last, by the contract of the abstractions.
                (_usage ??= new UsageDetails()).Add(details);
            }
            else if (content is WebSearchToolCallContent search)
            {
                // A stream may show a call more than once.
                _searches.Add(search.CallId);
            }
        }
    }
}
