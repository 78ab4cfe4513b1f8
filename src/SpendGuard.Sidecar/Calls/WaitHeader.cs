using System.Globalization;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>How long a caller lets its call wait while its budget is locked.</summary>
internal static class WaitHeader
{
    /// <summary>What the request says; null where it says nothing.</summary>
    /// <exception cref="BadRequestException">It is no number of seconds.</exception>
    public static TimeSpan? Read(IHeaderDictionary headers) => headers[CallHeaders.Wait].ToString() switch
    {
        "" => null,
        var said when decimal.TryParse(said, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) =>
            seconds < (decimal)TimeSpan.MaxValue.TotalSeconds / 2 ? TimeSpan.FromSeconds((double)seconds) : TimeSpan.MaxValue,
        _ => throw new BadRequestException($"The header {CallHeaders.Wait} has to be a number of seconds, such as 5, or 0 to be refused at once."),
    };
}
