using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace SpendGuard.Billing;

/// <summary>Reads what one answer in a provider's wire format says of its cost. It holds what has been said so far: one for each answer.</summary>
/// <remarks>
/// It never throws over what an answer says: what cannot be read leaves the cost unknown. The names of the JSON's fields have to be valid
/// Unicode, or looking for one fails.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public abstract class AnswerReader
{
    /// <summary>What has been said so far. Without usage, the cost is unknown as yet; one that is not known to be the last may be of less than all.</summary>
    public abstract ProviderReport Report { get; }

    /// <summary>Whether the whole cost has been said.</summary>
    public bool IsWhole => Report is { Usage: not null, Incomplete: null };

    /// <summary>Whether the answer has told a usage, be it one that cannot be read or that is not the last.</summary>
    public bool ToldUsage { get; protected set; }

    /// <summary>Whether the end of the stream has come, as the format marks it.</summary>
    public bool Ended { get; protected set; }

    /// <summary>Reads an answer that comes as a whole.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>What it says.</returns>
    public abstract ProviderReport ReadAnswer(JsonElement answer);

    /// <summary>Reads the next event of an answer that comes as a stream.</summary>
    /// <param name="data">The data of the event.</param>
    public abstract void ReadEvent(JsonElement data);

    /// <summary>Takes note of an event that is not read, because it brings nothing but a piece of the answer: counts before it are of less than all.</summary>
    public virtual void SkipEvent()
    {
    }

    /// <summary>Takes note that the stream has ended as it should, where the format has no event for that.</summary>
    public virtual void EndStream() => Ended = true;
}
