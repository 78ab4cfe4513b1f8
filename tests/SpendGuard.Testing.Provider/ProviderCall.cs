namespace SpendGuard.Testing.Provider;

/// <summary>One call that reached the provider, as its own books have it.</summary>
public sealed record ProviderCall(int Id, string Caller, string Path)
{
    public string Model { get; init; } = "";

    /// <summary>When it arrived, by the provider's own clock.</summary>
    public DateTimeOffset ArrivedAt { get; init; }

    /// <summary>When the client of a stream closed the connection before its end, by the provider's own clock; null where it did not.</summary>
    public DateTimeOffset? LeftAt { get; init; }

    /// <summary>Whether it only asked to count tokens, which no provider bills.</summary>
    public bool Counts => Path.EndsWith("/count_tokens", StringComparison.Ordinal)
        || Path.EndsWith(":countTokens", StringComparison.Ordinal)
        || Path.EndsWith("/input_tokens", StringComparison.Ordinal);

    /// <summary>The output cap the provider received.</summary>
    public long? MaxOutputTokens { get; init; }

    public int Choices { get; init; } = 1;
    public bool Stream { get; init; }

    /// <summary>Input tokens as counted on arrival; once billed, as billed.</summary>
    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }
    public long ReasoningTokens { get; init; }
    public long CachedInputTokens { get; init; }
    public long ChargeMicrocents { get; init; }
    public bool Billed { get; init; }

    /// <summary>When it was billed, by the provider's own clock.</summary>
    public DateTimeOffset BilledAt { get; init; }

    /// <summary>The status of the answer; 0 while there is none.</summary>
    public int Status { get; init; }

    /// <summary>Whether the client was sent any usage figures.</summary>
    public bool UsageSent { get; init; }

    /// <summary>Whether the answer went out to its end, to a client that was still there.</summary>
    public bool Finished { get; init; }
}
