using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.SignedPrices;

/// <summary>A failure to look for a signed document.</summary>
[Experimental("SPENDGUARD002")]
public sealed class DocumentFailure
{
    internal DocumentFailure(string sentence, DateTimeOffset at)
    {
        Sentence = sentence;
        At = at;
    }

    /// <summary>What went wrong.</summary>
    public string Sentence { get; }

    /// <summary>When.</summary>
    public DateTimeOffset At { get; }
}
