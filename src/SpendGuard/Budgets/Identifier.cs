using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SpendGuard.Budgets;

/// <summary>What every id has to be, so that no two different ones look alike in a store, a header or a log.</summary>
[Experimental(ApiTier.Stores)]
public static class Identifier
{
    private const int MaxLength = 200;

    /// <summary>Gives an id back, if it is one.</summary>
    /// <param name="value">The id.</param>
    /// <param name="kind">What it is the id of, for the message.</param>
    /// <exception cref="ArgumentException">It is empty, longer than 200 characters, or no store keeps it as it is.</exception>
    public static string Validate(string? value, string kind)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            throw new ArgumentException($"The {kind} id is empty. Give 1 to {MaxLength} visible characters.", nameof(value));
        }

        if (value.Length > MaxLength)
        {
            throw new ArgumentException($"The {kind} id has {value.Length} characters; at most {MaxLength} are allowed.", nameof(value));
        }

        if (!IsStorable(value))
        {
            throw new ArgumentException($"The {kind} id has a control character or a broken surrogate.", nameof(value));
        }

        return value;
    }

    /// <summary>Whether a text comes back from every store as it went in.</summary>
    public static bool IsStorable(string value)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD; stored as UTF-8, all of them would become the same id.
            if (Rune.IsControl(rune) || rune == Rune.ReplacementChar)
            {
                return false;
            }
        }

        return true;
    }
}
