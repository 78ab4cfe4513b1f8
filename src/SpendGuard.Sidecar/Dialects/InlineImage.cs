using System.Buffers.Text;
using System.Text;
using SpendGuard.Bounds;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>Reads the size of an image that is in the request itself.</summary>
internal static class InlineImage
{
    /// <summary>Where the size has not come by then, such as after a large profile, it is not looked for any further.</summary>
    private const int LongestHeader = 256 * 1024;

    /// <summary>The size of an image in a <c>data:</c> address; null for another address, or when it cannot be read.</summary>
    public static ImageSize? SizeAt(string? address) =>
        address is not null && address.StartsWith("data:", StringComparison.OrdinalIgnoreCase) && address.IndexOf(";base64,", StringComparison.OrdinalIgnoreCase) is >= 0 and var mark
            ? SizeOf(address.AsSpan(mark + ";base64,".Length))
            : null;

    /// <summary>The size of an image in base64, of either alphabet; null when it cannot be read.</summary>
    public static ImageSize? SizeOf(string? base64) => base64 is null ? null : SizeOf(base64.AsSpan());

    private static ImageSize? SizeOf(ReadOnlySpan<char> base64)
    {
        // Four characters are three bytes.
        var text = base64[..Math.Min(base64.Length, LongestHeader / 3 * 4)];
        text = text[..(text.Length / 4 * 4)];
        var encoded = new byte[text.Length];
        for (var index = 0; index < text.Length; index++)
        {
            encoded[index] = text[index] switch { '-' => (byte)'+', '_' => (byte)'/', < (char)128 and var letter => (byte)letter, _ => 0 };
        }

        var status = Base64.DecodeFromUtf8InPlace(encoded, out var length);
        return status == System.Buffers.OperationStatus.Done ? ImageSize.Read(encoded.AsSpan(0, length)) : null;
    }
}
