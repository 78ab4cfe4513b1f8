using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace SpendGuard.Providers;

/// <summary>What is known of vendors' SDKs by the names of their types, so that nobody has to reference one.</summary>
[Experimental(ApiTier.Adapters)]
public static class VendorSdk
{
    /// <summary>The HTTP status of the answer that an exception stands for; null where its type does not tell.</summary>
    /// <param name="exception">The exception.</param>
    public static int? StatusOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var type = exception.GetType().FullName ?? "";
        return Vendor.Known.Select(vendor => vendor.StatusOf(type)).FirstOrDefault(status => status is not null);
    }

    /// <summary>Whether an exception stands for a vendor's error for being overloaded, by its type and what it says.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsOverload(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var type = exception.GetType().FullName ?? "";
        return Vendor.Known.Any(vendor => vendor.IsOverload(type, exception.Message));
    }

    /// <summary>The JSON of the answer that an exception of an SDK has in what it says; empty where it has none.</summary>
    /// <param name="exception">The exception.</param>
    public static ReadOnlyMemory<byte> BodyOf(Exception exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        var type = exception.GetType().FullName ?? "";
        var at = Vendor.Known.Any(vendor => vendor.TellsBody(type)) ? exception.Message.IndexOf('{', StringComparison.Ordinal) : -1;
        return at < 0 ? default : Encoding.UTF8.GetBytes(exception.Message[at..]);
    }

    /// <summary>Whether an adapter may send an object of an SDK in place of the content that carries it.</summary>
    /// <param name="raw">The object.</param>
    public static bool IsRequestPart(object raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var type = raw.GetType().FullName ?? "";
        return Vendor.Known.Any(vendor => vendor.IsRequestPart(type));
    }

    /// <summary>Whether an object prints itself as the JSON that it came from.</summary>
    /// <param name="raw">The object.</param>
    public static bool PrintsItself(object raw)
    {
        ArgumentNullException.ThrowIfNull(raw);
        var space = raw.GetType().Namespace ?? "";
        return Vendor.Known.Any(vendor => vendor.PrintsItself(space));
    }
}
