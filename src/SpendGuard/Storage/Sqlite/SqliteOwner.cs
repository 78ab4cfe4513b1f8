using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Storage.Sqlite;

/// <summary>Whose a file is that may be a SQLite database, told by its header.</summary>
[Experimental(ApiTier.Adapters)]
public enum SqliteOwner
{
    /// <summary>There is no file, or there is nothing in it.</summary>
    Nobody,

    /// <summary>A ledger of SpendGuard's.</summary>
    SpendGuard,

    /// <summary>The database of another program.</summary>
    Another,

    /// <summary>It cannot be told: it may be a ledger that is damaged, or one whose first pages are still in the log beside it.</summary>
    Unclear,
}

/// <summary>Tells whose a file is, without opening it as a database.</summary>
[Experimental(ApiTier.Adapters)]
public static class SqliteOwners
{
    private const int HeaderLength = 100;
    private const int ApplicationIdAt = 68;

    /// <summary>Whose a file is.</summary>
    /// <param name="path">The file.</param>
    public static SqliteOwner Of(string path)
    {
        try
        {
            return File.Exists(path) ? OfFile(path) : SqliteOwner.Nobody;
        }
        catch (FileNotFoundException)
        {
            // A link that leads nowhere.
            return SqliteOwner.Nobody;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return SqliteOwner.Unclear;
        }
    }

    private static SqliteOwner OfFile(string path)
    {
        Span<byte> header = stackalloc byte[HeaderLength];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        var hasLog = File.Exists(path + "-wal");
        if (read == 0)
        {
            return hasLog ? SqliteOwner.Unclear : SqliteOwner.Nobody;
        }

        if (read < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
        {
            return SqliteOwner.Unclear;
        }

        return BinaryPrimitives.ReadUInt32BigEndian(header[ApplicationIdAt..]) switch
        {
            (uint)SqliteSchema.ApplicationId => SqliteOwner.SpendGuard,
            0 when hasLog => SqliteOwner.Unclear,
            _ => SqliteOwner.Another,
        };
    }
}
