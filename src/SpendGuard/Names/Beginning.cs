using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Names;

/// <summary>The beginning of an id, for people who do not type all of it.</summary>
[Experimental(ApiTier.Adapters)]
public static class Beginning
{
    /// <summary>Shorter, and what is typed by mistake would mean somebody.</summary>
    public const int Shortest = 4;

    /// <summary>
    /// Whether a text means an id as its beginning: one that was generated, from four characters on. Never an id of one's own, of which one may
    /// be the beginning of another: <c>agent-1</c> is not <c>agent-10</c>.
    /// </summary>
    /// <param name="text">What was typed.</param>
    /// <param name="id">The id.</param>
    public static bool IsOf(string text, string id)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(id);
        return text.Length >= Shortest && id.StartsWith(text, StringComparison.Ordinal) && Guid.TryParseExact(id, "D", out _);
    }
}
