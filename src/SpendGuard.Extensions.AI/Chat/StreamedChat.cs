using Microsoft.Extensions.AI;

namespace SpendGuard.Extensions.AI;

/// <summary>Gathers from the updates of a chat stream what the provider says of the call.</summary>
internal sealed class StreamedChat(ModelCall call) : IStreamedCall<ChatResponseUpdate>
{
    private UsageDetails? _usage;
    private object? _raw;
    private string? _modelId;

    public void Observe(ChatResponseUpdate update)
    {
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

    public ServedCall Served() => ServedChat.Read(_usage, _modelId, _raw, call);
}
