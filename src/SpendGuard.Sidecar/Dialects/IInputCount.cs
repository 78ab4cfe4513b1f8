using System.Text.Json;
using SpendGuard.Sidecar.Calls;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>How a wire format asks its provider, free of charge, how many tokens a request's input has. Holds no state.</summary>
internal interface IInputCount
{
    /// <summary>The caller's headers that go along, because the provider reads the question by them.</summary>
    IReadOnlyList<string> Headers => [];

    /// <summary>What to ask; null where the provider's count would not be one of all that it bills.</summary>
    InputQuestion? Ask(Call call);

    /// <summary>The count in the answer; null when there is none.</summary>
    long? Read(JsonElement answer);
}

/// <summary>A question for a count.</summary>
/// <param name="Path">The path at the provider, from its base address on.</param>
/// <param name="Body">The body.</param>
/// <param name="HasTools">Whether tools are part of it.</param>
internal sealed record InputQuestion(string Path, ReadOnlyMemory<byte> Body, bool HasTools)
{
    /// <summary>The most tokens that the call has beyond what is counted.</summary>
    public long Uncounted { get; init; }

    /// <summary>The most that may be billed where so much was counted.</summary>
    public long BoundOf(long count) => checked(CountMargin.Over(count, HasTools) + Uncounted);
}
