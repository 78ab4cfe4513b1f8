namespace SpendGuard.Sidecar.Dialects;

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

/// <summary>One row of a dialect's table.</summary>
/// <param name="Name">The name of the field.</param>
/// <param name="Kind">What it does to the bill.</param>
/// <param name="Reason">Why, in a few words.</param>
internal sealed record FieldRule(string Name, FieldKind Kind, string Reason = "");
