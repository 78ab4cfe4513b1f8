using System.Buffers.Binary;
using SpendGuard.Storage.Sqlite;
using SpendGuard.Testing;

namespace SpendGuard.Tests.Storage.Owners;

public sealed class SqliteOwnerTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData("nothing", false, SqliteOwner.Nobody)]
    [InlineData("folder", false, SqliteOwner.Nobody)]
    [InlineData("dangling", false, SqliteOwner.Nobody)]
    [InlineData("empty", false, SqliteOwner.Nobody)]
    [InlineData("empty", true, SqliteOwner.Unclear)]
    [InlineData("ours", false, SqliteOwner.SpendGuard)]
    [InlineData("ours", true, SqliteOwner.SpendGuard)]
    [InlineData("unnamed", false, SqliteOwner.Another)]
    [InlineData("unnamed", true, SqliteOwner.Unclear)]
    [InlineData("another", false, SqliteOwner.Another)]
    [InlineData("another", true, SqliteOwner.Another)]
    [InlineData("short", false, SqliteOwner.Unclear)]
    [InlineData("damaged", false, SqliteOwner.Unclear)]
    public void Of_IsToldByTheHeader_AndByTheLogBesideIt(string file, bool hasLog, SqliteOwner owner)
    {
        var path = _folder.File("a.db");
        switch (file)
        {
            case "folder": Directory.CreateDirectory(path); break;
            case "dangling": File.CreateSymbolicLink(path, _folder.File("gone")); break;
            case "empty": File.WriteAllBytes(path, []); break;
            case "ours": File.WriteAllBytes(path, Header(0x53704764)); break;
            case "unnamed": File.WriteAllBytes(path, Header(0)); break;
            case "another": File.WriteAllBytes(path, Header(7)); break;
            case "short": File.WriteAllBytes(path, Header(0x53704764)[..99]); break;
            case "damaged": File.WriteAllBytes(path, new byte[4096]); break;
        }

        if (hasLog)
        {
            File.WriteAllBytes(path + "-wal", new byte[32]);
        }

        Assert.Equal(owner, SqliteOwners.Of(path));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Header(uint applicationId)
    {
        var header = new byte[4096];
        "SQLite format 3\0"u8.CopyTo(header);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(68), applicationId);
        return header;
    }
}
