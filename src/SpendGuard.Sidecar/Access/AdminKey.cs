using System.Security.Cryptography;
using System.Text;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Access;

/// <summary>
/// The key of the control routes on one machine: of the settings, or one that was made here and of which only a hash is kept, beside the
/// SQLite file, for all sidecars that share it.
/// </summary>
/// <remarks>Without one, whoever can connect can raise budgets; an agent that runs here too.</remarks>
internal sealed class AdminKey(SidecarSettings settings)
{
    /// <summary>
    /// What somebody is told who has none. How a lost one is replaced is for who runs the sidecar: it may be an agent that asks, and this is not
    /// to be what it does next.
    /// </summary>
    public const string WhereItIs =
        "This sidecar has an admin key, which was shown once when it was made, or is in its settings; for the command set CAP_API_KEY to it."
        + " If it is lost, whoever runs the sidecar can replace it: see 'One machine' in references/hosted.md.";

    private const string Setting = "CAP_ADMIN_KEY";
    private readonly string _path = Path.GetFullPath(settings.SqlitePath) + ".admin-key";
    private readonly string? _hash = settings.AdminKey is { } key ? Hash(key) : null;

    /// <summary>Whether control routes ask for one.</summary>
    public bool IsSet => _hash is not null || File.Exists(_path);

    /// <summary>Whether a key is the one. Where there is one that cannot be read, none is.</summary>
    public bool Opens(string key)
    {
        var expected = _hash ?? ReadKept();
        return CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(key)), Encoding.ASCII.GetBytes(expected));
    }

    /// <summary>Makes one, which is never shown again.</summary>
    /// <exception cref="BadRequestException">There is one already, or it could not be kept for all sidecars.</exception>
    public string Make()
    {
        if (settings.Postgres is not null)
        {
            throw new BadRequestException($"An admin key is made for sidecars on one SQLite file. Set {Setting} for each of yours.");
        }

        if (IsSet)
        {
            throw Exists();
        }

        var key = "sgadmin_" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            using var file = new FileStream(_path, options);
            file.Write(Encoding.ASCII.GetBytes(Hash(key)));
            file.Flush(flushToDisk: true);
        }
        catch (IOException) when (File.Exists(_path))
        {
            throw Exists();
        }

        return key;
    }

    private BadRequestException Exists() => new(
        _hash is not null
            ? $"There is an admin key already, in {Setting}."
            : $"There is an admin key already. If it is lost, delete '{Path.GetFileName(_path)}' beside the database, and make another.",
        StatusCodes.Status409Conflict);

    private string ReadKept()
    {
        try
        {
            return File.ReadAllText(_path).Trim();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Hashes have one length, so that the comparison takes one time.
    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
