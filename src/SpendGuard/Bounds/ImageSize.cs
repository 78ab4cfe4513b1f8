using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace SpendGuard.Bounds;

/// <summary>The size of an image in pixels, as its file says.</summary>
/// <param name="Width">The width.</param>
/// <param name="Height">The height.</param>
[Experimental(ApiTier.Adapters)]
[StructLayout(LayoutKind.Auto)]
public readonly record struct ImageSize(int Width, int Height)
{
    private const int PngHeader = 24;
    private const int WebPHeader = 30;

    private static ReadOnlySpan<byte> Png => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    private static ReadOnlySpan<byte> Jpeg => [0xFF, 0xD8, 0xFF];

    /// <summary>Reads the size from the beginning of a PNG, JPEG or WebP file.</summary>
    /// <param name="file">The beginning of the file, or all of it.</param>
    /// <returns>The size; null for another format, or when it is not in what is there.</returns>
    /// <remarks>It is not read from a GIF file, whose frames may be larger than the size that it states.</remarks>
    public static ImageSize? Read(ReadOnlySpan<byte> file)
    {
        var size = file.StartsWith(Png) ? ReadPng(file)
            : file.StartsWith("RIFF"u8) ? ReadWebP(file)
            : file.StartsWith(Jpeg) ? ReadJpeg(file)
            : null;
        return size is { Width: > 0, Height: > 0 } ? size : null;
    }

    /// <summary>How many squares of a side it takes to cover the image.</summary>
    internal long Squares(long side) => ((Width + side - 1) / side) * ((Height + side - 1) / side);

    /// <summary>The size stands in the first chunk, which has to be the header.</summary>
    private static ImageSize? ReadPng(ReadOnlySpan<byte> file) => file.Length >= PngHeader && file[12..].StartsWith("IHDR"u8)
        ? new(BinaryPrimitives.ReadInt32BigEndian(file[16..]), BinaryPrimitives.ReadInt32BigEndian(file[20..]))
        : null;

    /// <summary>There are three kinds of first chunks: extended, lossless and lossy.</summary>
    private static ImageSize? ReadWebP(ReadOnlySpan<byte> file)
    {
        if (file.Length < WebPHeader || !file[8..].StartsWith("WEBP"u8))
        {
            return null;
        }

        var chunk = file[12..16];
        if (chunk.SequenceEqual("VP8X"u8))
        {
            return new(1 + UInt24(file[24..]), 1 + UInt24(file[27..]));
        }

        if (chunk.SequenceEqual("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
            return new(1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return chunk.SequenceEqual("VP8 "u8)
            ? new(BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF)
            : null;
    }

    /// <summary>
    /// Goes from segment to segment up to the one that begins the frame. A thumbnail is inside another segment. Where a marker comes that does not
    /// belong before a frame, or has no length, readers do not go on in the same place, so that none is believed.
    /// </summary>
    private static ImageSize? ReadJpeg(ReadOnlySpan<byte> file)
    {
        var at = 2;
        while (at + 9 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return new(BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]));
            }

            var length = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
            if (!BelongsBeforeAFrame(marker) || length < 2)
            {
                return null;
            }

            at += 2 + length;
        }

        return null;
    }

    /// <summary>Tables, restart intervals, what applications add, and comments.</summary>
    private static bool BelongsBeforeAFrame(byte marker) => marker is 0xC4 or 0xCC or 0xDB or 0xDD or (>= 0xE0 and <= 0xEF) or 0xFE;

    private static int UInt24(ReadOnlySpan<byte> bytes) => bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
}
