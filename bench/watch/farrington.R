# The published method in its authors' own hands: surveillance::farringtonFlexible.
# usage: Rscript farrington.R counts.csv out.csv first last   (weeks, counted from 1)
# Out: one row per series, the means of the watched weeks and then their dispersions.
suppressMessages(library(surveillance))
given <- commandArgs(TRUE)
counts <- as.matrix(read.csv(given[1], header = FALSE))
range <- as.integer(given[3]):as.integer(given[4])
control <- list(
  range = range, b = 5, w = 3, reweight = TRUE, weightsThreshold = 2.58, verbose = FALSE,
  glmWarnings = FALSE, alpha = 0.005, trend = TRUE, pThresholdTrend = 1, limit54 = c(0, 4),
  powertrans = "2/3", fitFun = "algo.farrington.fitGLM.flexible", populationOffset = FALSE,
  noPeriods = 10, pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin"
)
out <- matrix(NA_real_, nrow(counts), 2 * length(range))
started <- proc.time()
for (i in seq_len(nrow(counts))) {
  series <- sts(observed = counts[i, ], start = c(2000, 1), frequency = 52)
  found <- try(suppressWarnings(farringtonFlexible(series, control = control)), silent = TRUE)
  if (inherits(found, "try-error")) next
  out[i, ] <- c(found@control$mu0Vector, found@control$phiVector)
}
spent <- proc.time() - started
write.table(out, given[2], sep = ",", row.names = FALSE, col.names = FALSE)
cat(R.version.string, "|", as.character(packageVersion("surveillance")), "|",
    1000 * (spent[1] + spent[2]) / (nrow(counts) * length(range)), "\n")
