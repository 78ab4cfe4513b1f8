using System.Collections.Frozen;
using System.Reflection;

namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>What may be in requests, by the vendor whose formats they are in: a snapshot, which a call goes by from its beginning to its end.</summary>
/// <param name="vendors">The tables of each vendor that has formats.</param>
internal sealed class RequestTables(IReadOnlyDictionary<string, VendorTables> vendors)
{
    private const string Prefix = "requests/";
    private const string Suffix = ".json";

    private readonly FrozenDictionary<string, VendorTables> _vendors = vendors.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The tables that ship with SpendGuard. Their rows for readers and pins are what the code does.</summary>
    public static RequestTables Bundled { get; } = LoadBundled();

    /// <summary>The vendors.</summary>
    public IEnumerable<string> Vendors => _vendors.Keys.Order(StringComparer.Ordinal);

    /// <summary>A vendor's tables.</summary>
    public VendorTables Of(string vendor) => _vendors[vendor];

    /// <summary>These tables with others in the place of some.</summary>
    public RequestTables With(IReadOnlyDictionary<string, VendorTables> newer) =>
        new(_vendors.ToDictionary(vendor => vendor.Key, vendor => newer.GetValueOrDefault(vendor.Key, vendor.Value), StringComparer.Ordinal));

    /// <summary>A vendor's tables as they ship.</summary>
    public static byte[] BundledText(string vendor)
    {
        using var resource = Assembly.GetExecutingAssembly().GetManifestResourceStream(Prefix + vendor + Suffix)!;
        var text = new byte[resource.Length];
        resource.ReadExactly(text);
        return text;
    }

    private static RequestTables LoadBundled() => new(
        Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => name[Prefix.Length..^Suffix.Length])
            .ToDictionary(vendor => vendor, vendor => TableReader.Read(BundledText(vendor)), StringComparer.Ordinal));
}
