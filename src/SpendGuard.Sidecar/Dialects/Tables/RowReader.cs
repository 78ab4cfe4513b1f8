using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>Reads the rows of tables.</summary>
internal static class RowReader
{
    /// <param name="json">The row.</param>
    /// <param name="name">What its name is called.</param>
    /// <param name="of">What is in it.</param>
    /// <exception cref="TableFormatException">It cannot be used.</exception>
    public static FieldRule Read(TableJson json, string name, FieldShape? of)
    {
        var kind = Kind(json);
        var row = new FieldRule(json.Text(name), kind, json.TextOrNull("why") ?? "", of) { By = By(json, kind), Tokens = json.Count("tokens") };
        return row switch
        {
            { Kind: not FieldKind.Free, Reason: "" } => throw TableFormatException.Wrong(json.At("why"), "is missing"),
            { Tokens: > 0 } and not { Kind: FieldKind.Bound, By: FieldBound.Input } => throw TableFormatException.Wrong(json.At("tokens"), "is for rows that are bound by input"),
            { Kind: FieldKind.Refused, Of: not null } => throw TableFormatException.Wrong(json.At("of"), "is in a row that is refused"),
            _ => row,
        };
    }

    private static FieldKind Kind(TableJson json) => json.Text("kind") switch
    {
        "free" => FieldKind.Free,
        "bound" => FieldKind.Bound,
        "pinned" => FieldKind.Pinned,
        "refused" => FieldKind.Refused,
        var other => throw TableFormatException.TooNew(json.At("kind"), $"is '{other}', which this version does not know"),
    };

    private static FieldBound By(TableJson json, FieldKind kind) => (kind, json.TextOrNull("by")) switch
    {
        (FieldKind.Bound, null) => throw TableFormatException.Wrong(json.At("by"), "is missing"),
        (FieldKind.Bound, "reader") => FieldBound.Reader,
        (FieldKind.Bound, "input") => FieldBound.Input,
        (FieldKind.Bound, "maximum") => FieldBound.Maximum,
        (FieldKind.Bound, var other) => throw TableFormatException.TooNew(json.At("by"), $"is '{other}', which this version does not know"),
        (_, null) => default,
        _ => throw TableFormatException.Wrong(json.At("by"), "is for rows that are bound"),
    };
}
