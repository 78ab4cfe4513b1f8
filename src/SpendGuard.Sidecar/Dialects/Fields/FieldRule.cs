namespace SpendGuard.Sidecar.Dialects.Fields;

/// <summary>What a request field does to the bill.</summary>
internal enum FieldKind
{
    /// <summary>It cannot move the bill.</summary>
    Free,

    /// <summary>It is priced into the worst case.</summary>
    Bound,

    /// <summary>SpendGuard sets it.</summary>
    Pinned,

    /// <summary>It is refused, unless it has its neutral value.</summary>
    Refused,
}

/// <summary>What bounds a bound field.</summary>
internal enum FieldBound
{
    /// <summary>The code of its dialect, which reads it at this very place.</summary>
    Reader,

    /// <summary>The check itself: the JSON of the value is counted as input, whatever a reader does.</summary>
    Input,

    /// <summary>The check itself: the most input that the model takes is held.</summary>
    Maximum,
}

/// <summary>One row of a dialect's table: a field, or one kind of an object that there are several kinds of.</summary>
/// <param name="Name">The name of the field, or what tells the kind.</param>
/// <param name="Kind">What it does to the bill.</param>
/// <param name="Reason">Why, in a few words.</param>
/// <param name="Of">What is in it, where it is an object or a list of them; null for what is no object or is read as text.</param>
internal sealed record FieldRule(string Name, FieldKind Kind, string Reason = "", FieldShape? Of = null)
{
    /// <summary>What bounds it, where it is bound.</summary>
    public FieldBound By { get; init; }

    /// <summary>The tokens that a provider adds for each of it beyond its own JSON, where that is counted.</summary>
    public long Tokens { get; init; }

    /// <summary>Whether it is bound by the check itself.</summary>
    public bool IsCounted => Kind == FieldKind.Bound && By != FieldBound.Reader;

    /// <summary>Of what opens others: the fields and kinds that a request may have with it, each as its path in the table of its fields.</summary>
    public IReadOnlyList<string> Opens { get; init; } = [];

    /// <summary>The input, in tokens, that the model takes with it; null where it takes no more than otherwise.</summary>
    public long? OpensInput { get; init; }
}
