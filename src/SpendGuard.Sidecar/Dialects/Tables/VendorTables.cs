using System.Collections.Frozen;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Headers;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>All that may be in requests in one vendor's formats, and what it does to the bill.</summary>
internal sealed record VendorTables
{
    /// <summary>The day of the rows; null where they have none of their own, as in a document that is dated as a whole.</summary>
    public DateTimeOffset? Dated { get; init; }

    /// <summary>What may be in a request, by the name of its format.</summary>
    public required FrozenDictionary<string, FieldShape> Requests { get; init; }

    /// <summary>The values of the vendor's header of betas.</summary>
    public BetaTable Betas { get; init; } = new([]);

    /// <summary>The headers of callers that go on.</summary>
    public required HeaderTable Headers { get; init; }

    /// <summary>What may be in a request of a format that the code speaks.</summary>
    public FieldShape Request(string format) => Requests[format];
}
