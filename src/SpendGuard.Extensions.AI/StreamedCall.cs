using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from the updates of a stream what the provider says of the call.</summary>
internal sealed class StreamedCall(ModelCall call)
{
    private UsageDetails? _usage;
    private object? _raw;
    private string? _modelId;

    /// <summary>Whether any update has come.</summary>
    public bool HasStarted { get; private set; }

    public void Observe(ChatResponseUpdate update)
    {
        HasStarted = true;
        _modelId = update.ModelId ?? _modelId;
        foreach (var content in update.Contents)
        {
            if (content is UsageContent { Details: { } details })
            {
                // Each is an addition to the last, by the contract of the abstractions.
                (_usage ??= new UsageDetails()).Add(details);
            }
        }

        // The update with the usage, or the last one of a stream whose adapter drops the usage of an incomplete answer.
        _raw = update.RawRepresentation ?? _raw;
    }

    public ServedCall Served()
    {
        var raw = OpenAIAnswer.TryRead(_raw, call.Model);
        return new ServedCall(raw?.Usage ?? ChatUsage.Read(_usage, call), ServedCall.ModelOf(_modelId, call), raw?.Tier);
    }
}
