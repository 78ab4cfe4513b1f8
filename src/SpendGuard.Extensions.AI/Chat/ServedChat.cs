using Microsoft.Extensions.AI;
using SpendGuard.Billing;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from an answer, or the updates of a stream, what the provider says of a chat call.</summary>
internal sealed class ServedChat(ModelCall call) : IStreamedCall<ChatResponseUpdate>
{
    private readonly AnthropicReports _anthropic = new();
    private readonly HashSet<string> _searches = new(StringComparer.Ordinal);
    private UsageDetails? _usage;
    private object? _raw;
    private string? _modelId;

    public static ProviderReport Read(ChatResponse response, ModelCall call)
    {
        var served = new ServedChat(call);
        served.Observe(response.ModelId, response.RawRepresentation, response.Messages.SelectMany(message => message.Contents));
        served._usage = response.Usage;
        served.ReadAnthropic(response.RawRepresentation);
        return served.Report;
    }

    public void Observe(ChatResponseUpdate update)
    {
        Observe(update.ModelId, update.RawRepresentation, update.Contents);

        // An event that brings content brings no usage.
        if (update.Contents.Count == 0)
        {
            ReadAnthropic(update.RawRepresentation);
        }
    }

    public ProviderReport Report => (_anthropic.Read(call.Shape.LongCacheWrites)
        ?? ReadOpenAI()
        ?? new ProviderReport { Usage = ChatUsage.Read(_usage, call, _searches.Count) }) with { Model = _modelId };

    private bool IsOpenAI => call.Model.Provider is not ("anthropic" or "gemini");

    private void Observe(string? modelId, object? raw, IEnumerable<AIContent> contents)
    {
        _modelId = modelId ?? _modelId;

        // The update with the usage, or the last one of a stream whose adapter drops the usage of an incomplete answer.
        _raw = raw ?? _raw;
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

    private ProviderReport? ReadOpenAI()
    {
        using var answer = IsOpenAI ? RawAnswer.Read(_raw) : null;
        return answer is null ? null : OpenAIAnswer.Read(answer.RootElement, call.Model);
    }

    private void ReadAnthropic(object? raw)
    {
        if (call.Model.Provider is "anthropic")
        {
            using var said = RawAnswer.Read(raw);
            if (said is not null)
            {
                _anthropic.Observe(said.RootElement);
            }
        }
    }
}
