using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers;

/// <summary>What it costs more to have a call served in a region.</summary>
[Experimental(ApiTier.Adapters)]
public static class Residency
{
    /// <summary>What vendors that charge for regions multiply their prices by.</summary>
    public const decimal Factor = 1.1m;

    /// <summary>The factor of an API's address: the regional ones have the region before the name that is for anywhere.</summary>
    /// <param name="address">An absolute address.</param>
    /// <exception cref="InvalidOperationException">The address is a relative one.</exception>
    public static decimal FactorOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var host = address.IdnHost;
        return Vendor.Known.Any(vendor => vendor.ChargesForRegion(host)) ? Factor : 1;
    }
}
