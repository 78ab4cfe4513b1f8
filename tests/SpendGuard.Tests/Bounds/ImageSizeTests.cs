using SpendGuard.Bounds;

namespace SpendGuard.Tests.Bounds;

public sealed class ImageSizeTests
{
    private static readonly byte[] Png = Convert.FromHexString("89504E470D0A1A0A0000000D49484452000003C00000021C0802000000");

    public static TheoryData<string, byte[]> Files => new()
    {
        { "png", Png },
        { "webp, lossy", [.. "RIFF\0\0\0\0WEBPVP8 \0\0\0\0"u8, 0, 0, 0, 0x9D, 0x01, 0x2A, 0xC0, 0x03, 0x1C, 0x02] },
        { "webp, lossless", [.. "RIFF\0\0\0\0WEBPVP8L\0\0\0\0"u8, 0x2F, 0xBF, 0xC3, 0x86, 0x00, 0, 0, 0, 0, 0] },
        { "webp, extended", [.. "RIFF\0\0\0\0WEBPVP8X\0\0\0\0"u8, 0, 0, 0, 0, 0xBF, 0x03, 0x00, 0x1B, 0x02, 0x00] },
        { "jpeg", Jpeg(0xC0) },
        { "jpeg, progressive", Jpeg(0xC2) },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Read_Header_TellsTheSize(string kind, byte[] file)
    {
        Assert.NotEmpty(kind);
        Assert.Equal(new ImageSize(960, 540), ImageSize.Read(file));
    }

    /// <summary>A file that ends early, or is none, is of unknown size; it is never read past its end.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void Read_BeginningOnly_IsUnknown(string kind, byte[] file)
    {
        Assert.NotEmpty(kind);
        for (var length = 0; length < file.Length - 5; length++)
        {
            Assert.Null(ImageSize.Read(file.AsSpan(0, length)));
        }
    }

    [Fact]
    public void Read_OtherFormats_AreUnknown()
    {
        Assert.Null(ImageSize.Read("GIF89a\u0001\0\u0001\0\0\0\0"u8));
        Assert.Null(ImageSize.Read("<svg width=\"1\" height=\"1\"/>"u8));
        Assert.Null(ImageSize.Read([.. Png[..16], 0, 0, 0, 0, .. Png[20..]]));
        Assert.Null(ImageSize.Read([.. Png[..16], 0xFF, 0xFF, 0xFF, 0xFF, .. Png[20..]]));
    }

    /// <summary>A marker that has no length, or none before a frame: one reader goes on behind it, another skips what it takes for a segment.</summary>
    [Fact]
    public void Read_MarkersThatReadersTakeDifferently_AreUnknown()
    {
        var file = Jpeg(0xC0);
        byte[] segments = [0xC4, 0xCC, 0xDB, 0xDD, .. Enumerable.Range(0xE0, 16).Select(marker => (byte)marker), 0xFE];
        for (var marker = 0; marker < 0xC0; marker++)
        {
            Assert.Null(ReadBehind((byte)marker, length: 12));
        }

        for (var marker = 0xC0; marker < 0xFF; marker++)
        {
            var isFrame = marker is <= 0xCF and not (0xC4 or 0xC8 or 0xCC);
            Assert.True(isFrame || segments.Contains((byte)marker) == (ReadBehind((byte)marker, length: 12) is not null), $"{marker:X}");
            Assert.True(isFrame || ReadBehind((byte)marker, length: 1) is null, $"{marker:X}");
        }

        ImageSize? ReadBehind(byte marker, byte length) => ImageSize.Read([.. file[..3], marker, 0, length, .. file[6..]]);
    }

    /// <summary>With a thumbnail of another size in a segment before, and bytes that fill up.</summary>
    private static byte[] Jpeg(byte frame) =>
    [
        0xFF, 0xD8, 0xFF, 0xE1, 0, 12, 0xFF, 0xC0, 0, 8, 8, 0, 1, 0, 1, 1, 0xFF, 0xFF, frame, 0, 8, 8, 0x02, 0x1C, 0x03, 0xC0, 3, 0, 0, 0,
    ];
}
