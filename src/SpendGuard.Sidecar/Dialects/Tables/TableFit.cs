using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>
/// Whether this version can keep what tables promise. Its own tables say what its code does and where: a table may add rows and refuse
/// them, but at a place that the code reads or pins it says the same, and nowhere else does it ask for a reader or a pin.
/// </summary>
/// <param name="tables">The tables that are judged.</param>
/// <param name="own">Those of this version.</param>
internal sealed class TableFit(VendorTables tables, VendorTables own)
{
    private readonly HashSet<(FieldShape, FieldShape?)> _seen = [];

    /// <exception cref="TableFormatException">They take something from under the code, or ask for what it does not do.</exception>
    public void Require(string place)
    {
        foreach (var (format, shape) in own.Requests)
        {
            RequireShape(format, tables.Requests.GetValueOrDefault(format) ?? throw TableFormatException.Wrong($"{place}.requests.{format}", "is missing"), shape);
        }

        foreach (var beta in tables.Betas.Rules)
        {
            if (own.Betas.Find(beta.Name)?.OpensInput is { } input && beta.Kind != FieldKind.Refused && !(beta.OpensInput >= input))
            {
                throw TableFormatException.Wrong($"{place}.betas: {beta.Name}", $"opens the model to {input} tokens of input, and does not say so");
            }
        }

        foreach (var header in tables.Headers.Rules)
        {
            RequireHeader($"{place}.headers: {header.Name}", header);
        }
    }

    private void RequireHeader(string place, HeaderRule header)
    {
        var known = own.Headers.Rules.FirstOrDefault(rule => rule.Name.Equals(header.Name, StringComparison.OrdinalIgnoreCase));
        if (known is { Values.Count: > 0 } && (header.Values.Count == 0 || header.Values.Except(known.Values, StringComparer.OrdinalIgnoreCase).Any()))
        {
            throw TableFormatException.TooNew(place, $"may only be {string.Join(", ", known.Values)}, as this version reads no other answers");
        }
    }

    /// <param name="place">Where in a request it is.</param>
    /// <param name="shape">The shape that is judged.</param>
    /// <param name="known">What the code knows to be there; null where it reads nothing.</param>
    private void RequireShape(string place, FieldShape shape, FieldShape? known)
    {
        if (!_seen.Add((shape, known)))
        {
            return;
        }

        if (known is not null && Form(shape) != Form(known))
        {
            throw TableFormatException.TooNew(place, $"has {Form(shape)}, and this version reads {Form(known)}");
        }

        foreach (var row in shape.Rules)
        {
            var inside = shape is FieldKinds ? $"{place}[{row.Name}]" : $"{place}.{row.Name}";
            var knownRow = known?.Find(row.Name);
            RequireRow(inside, row, knownRow);
            if (row.Of is { } of)
            {
                RequireShape(inside, of, knownRow?.Of);
            }
        }
    }

    private static void RequireRow(string place, FieldRule row, FieldRule? known)
    {
        if (IsOfCode(row) && (known is null || !IsOfCode(known) || known.Kind != row.Kind))
        {
            throw TableFormatException.TooNew(place, row.Kind == FieldKind.Pinned
                ? "is to be pinned, and this version does not"
                : "is to be bound by a reader, and this version has none there");
        }

        if (row.Kind == FieldKind.Refused || known is null)
        {
            return;
        }

        if (IsOfCode(known) && !IsOfCode(row))
        {
            throw TableFormatException.TooNew(place, known.Kind == FieldKind.Pinned
                ? "is pinned by this version, which a table cannot change"
                : "is bound by a reader of this version, which a table cannot change");
        }

        if (known.Of is not null && row is { Of: null, IsCounted: false })
        {
            throw TableFormatException.Wrong(place, "does not say what is in it, and this version's own tables do");
        }
    }

    /// <summary>Whether the code does it, whatever tables say.</summary>
    private static bool IsOfCode(FieldRule row) => row.Kind == FieldKind.Pinned || row is { Kind: FieldKind.Bound, By: FieldBound.Reader };

    private static string Form(FieldShape shape) => shape switch
    {
        FieldKinds kinds => $"kinds by '{kinds.Tag}', and else {string.Join(", ", kinds.UntoldWith.Select(other => $"'{other.Kind}' by '{other.Field}'").Append($"'{kinds.Untold}'"))}",
        FieldTable { AnySpelling: true } => "fields in any spelling",
        _ => "fields as they are spelt",
    };
}
